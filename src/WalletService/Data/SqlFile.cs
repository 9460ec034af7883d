namespace Explaino.WalletService.Data;

/// <summary>Embedded SQL: the functions and triggers of the ledger, which migrations run as they stand in their files.</summary>
internal static class SqlFile
{
    public static string Read(string name)
    {
        using var content = typeof(SqlFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no embedded file {name}.");
        using var reader = new StreamReader(content);
        return reader.ReadToEnd();
    }
}
