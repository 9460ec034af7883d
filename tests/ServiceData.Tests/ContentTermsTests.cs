using Explaino.ServiceData.Moderation;
using Microsoft.Extensions.Options;

namespace Explaino.ServiceData.Tests;

/// <summary>Terms are found whole, however they are written, and nowhere else.</summary>
public sealed class ContentTermsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Theory]
    [InlineData("Buy cheap watches!", true)]
    [InlineData("CHEAP\n  Watches", true)]
    [InlineData("cheap, watches", true)]
    [InlineData("ｃｈｅａｐ watches", true)]
    [InlineData("cheap wall watches", false)]
    [InlineData("cheapwatches", false)]
    [InlineData("Ein Scheiß.", true)]
    [InlineData("SCHEISS", true)]
    [InlineData("Scheisse", false)]
    [InlineData("彼は禁止語を言った", true)]
    [InlineData("彼は言った", false)]
    [InlineData("# a comment", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task A_term_is_found_as_a_whole_however_it_is_written(string? text, bool found)
    {
        var (rejecting, flagging, off) = (await TermsAsync(ModerationMode.Reject), await TermsAsync(ModerationMode.Flag), await TermsAsync(ModerationMode.Off));

        Assert.Equal(found, rejecting.Rejects(text));
        Assert.Equal(found, rejecting.Refuse(("content", text), ("other", "fine")) is not null);
        Assert.Equal(found, flagging.Flags(("content", text)));
        Assert.False(rejecting.Flags(("content", text)) || flagging.Rejects(text) || off.Rejects(text) || off.Flags(("content", text)));
    }

    public void Dispose() => File.Delete(_file);

    private async Task<ContentTerms> TermsAsync(ModerationMode mode)
    {
        await File.WriteAllLinesAsync(_file, ["# a comment", "", "cheap watches", "scheiß", "禁止語"]);
        return new(Options.Create(new ModerationOptions { Mode = mode, Terms = _file }));
    }
}
