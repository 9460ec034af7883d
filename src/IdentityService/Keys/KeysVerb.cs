namespace Explaino.IdentityService.Keys;

/// <summary>An operator's key rotation: <c>rotate-keys</c>, and <c>rotate-keys --compromised</c> where somebody else may have a key.</summary>
internal static class KeysVerb
{
    public static string? Audited(string[] arguments) => arguments switch
    {
        [] => "key_rotation",
        ["--compromised"] => "key_replacement",
        _ => null,
    };

    public static async Task<int> RotateAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        var rotation = services.GetRequiredService<KeyRotation>();
        switch (arguments)
        {
            case []:
                var next = await rotation.RotateAsync(cancellationToken);
                Console.WriteLine($"Key {next.Id:n} signs from {next.SignsFrom:u}; tokens of the former ones stay good until they expire.");
                return 0;

            case ["--compromised"]:
                var only = await rotation.ReplaceAsync(cancellationToken);
                Console.WriteLine($"Key {only.Id:n} signs at once, and is the only one: every other access token is refused everywhere within ten seconds.");
                return 0;

            default:
                await Console.Error.WriteLineAsync("usage: rotate-keys [--compromised]");
                return 2;
        }
    }
}
