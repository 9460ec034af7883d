using Explaino.ChatService.Data;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceFiles.Storage;
using Explaino.ServiceMedia;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ChatService.Attachments;

internal static class AttachmentSetup
{
    public static void AddAttachments(this WebApplicationBuilder builder)
    {
        builder.AddFileStorage<ChatDbContext>("chat", (db, keys) =>
            db.Attachments.Where(attachment => keys.Contains(attachment.StorageKey)).Select(attachment => attachment.StorageKey));
        builder.AddPictures<ChatDbContext>();
        builder.Services.AddSingleton(new AttachmentUrls(builder.Configuration.Issuer(builder.Environment).TrimEnd('/')));
        builder.Services.AddSingleton<AttachmentIntake>().AddScoped<AttachmentStatements>();

        // Their files are orphans from then on, and go with the next sweep.
        builder.Services.AddRetention<ChatDbContext>("unsent attachments", TimeSpan.FromMinutes(10), (db, now, cancellationToken) =>
            db.Attachments.Where(attachment => attachment.MessageId == null && attachment.CreatedAt <= now - AttachmentSql.UnsentLifetime).ExecuteDeleteAsync(cancellationToken));
    }
}
