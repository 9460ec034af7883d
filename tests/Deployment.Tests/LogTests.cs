using System.Text.RegularExpressions;

namespace Explaino.Deployment.Tests;

/// <summary>A failure is logged with its exception: whoever reads the log gets the whole cause, not its name.</summary>
public sealed partial class LogTests
{
    /// <summary>The text of a refusal names the recipient.</summary>
    private const string Excepted = "MailSender.cs";

    [Fact]
    public void No_warning_tells_a_part_of_an_exception() => Assert.Empty(
        from file in Directory.EnumerateFiles(Repository.PathTo("src"), "*.cs", SearchOption.AllDirectories)
        where Path.GetFileName(file) != Excepted
        from line in PartsIn(File.ReadAllText(file))
        select $"{Path.GetFileName(file)}: {line}");

    [Theory]
    [InlineData("logger.LogWarning(\"No answer: {Reason}\", e.GetBaseException().GetType().Name);", 1)]
    [InlineData("_logger.LogError(\n    \"No answer: {Reason}\",\n    failure.Message);", 1)]
    [InlineData("logger.LogWarning(e, \"No answer from {Service}\", service.Name);", 0)]
    public void Seeded_a_part_of_an_exception_is_noticed(string text, int count) => Assert.Equal(count, PartsIn(text).Count());

    private static IEnumerable<string> PartsIn(string text) => Part().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"\bLog(Warning|Error|Critical)\([^;]*(\bGetBaseException\(|\bGetType\(|\.Message\b)[^;]*;")]
    private static partial Regex Part();
}
