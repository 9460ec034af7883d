using Explaino.ServiceData;

namespace Explaino.IdentityService.Mail;

/// <summary>Wakes this process's <see cref="MailSender"/> when a mail was stored.</summary>
internal sealed class MailSignal : WakeSignal;
