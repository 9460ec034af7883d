using System.Diagnostics.Metrics;

namespace Explaino.IdentityService.Codes;

/// <summary>How many mailed codes are guessed wrong: many are somebody who tries one account after the other.</summary>
internal sealed class CodeMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _wrong = meters.Create("Explaino.Identity")
        .CreateCounter<long>("explaino.identity.wrong_codes", "{code}", "Wrong codes that were given, by purpose.");

    public void CountWrong(CodePurpose purpose) => _wrong.Add(1, new KeyValuePair<string, object?>("purpose", purpose.ToString()));
}
