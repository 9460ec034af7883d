using System.Text.RegularExpressions;

namespace Explaino.Deployment.Tests;

/// <summary>SQL stands in one place per feature, not in what answers a request (CONTRIBUTING.md, "Two data idioms").</summary>
public sealed partial class DataIdiomTests
{
    [Fact]
    public void Endpoints_hold_no_sql() =>
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Repository.PathTo("src"), "*Endpoint*.cs", SearchOption.AllDirectories),
            file => Sql().IsMatch(File.ReadAllText(file)));

    [Theory]
    [InlineData("db.Users.FromSql($\"SELECT * FROM users\")", true)]
    [InlineData("WITH gone AS (DELETE FROM blocks)", true)]
    [InlineData("UPDATE feeds SET read_seq = 1", true)]
    [InlineData("auth.MapDelete(\"/\", Delete).WithSummary(\"Update or delete from here\")", false)]
    public void Seeded_sql_is_noticed(string text, bool isSql) => Assert.Equal(isSql, Sql().IsMatch(text));

    // Words to search for, a filter or the beginning of a name decide how these are read best.
    private static readonly string[] PlannedForTheirValues =
        ["JobListQueries.cs", "SearchEndpoints.cs", "SearchStatements.cs", "UserEndpoints.cs", "AdminUserEndpoints.cs", "AuditEndpoints.cs", "CaseQueries.cs"];

    [Fact]
    public void A_row_limit_is_a_literal_unless_values_decide_the_plan() =>
        Assert.Equal(
            PlannedForTheirValues.Order(),
            Directory.EnumerateFiles(Repository.PathTo("src"), "*.cs", SearchOption.AllDirectories)
                .Where(file => LimitByParameter().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName).Order());

    [GeneratedRegex(@"LIMIT @|\.Take\(page\.|EF\.CompileAsyncQuery\([^;]*, int \w+[^;]*\.Take\(")]
    private static partial Regex LimitByParameter();

    [GeneratedRegex(@"\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b")]
    private static partial Regex Sql();
}
