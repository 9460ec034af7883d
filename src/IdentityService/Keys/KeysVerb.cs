namespace Explaino.IdentityService.Keys;

/// <summary>An operator's rotation, at need: <c>rotate-keys</c>.</summary>
internal static class KeysVerb
{
    public static async Task<int> RotateAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        var key = await services.GetRequiredService<KeyRotation>().RotateAsync(cancellationToken);
        Console.WriteLine($"Key {key!.Id:n} signs from {key.SignsFrom:u}.");
        return 0;
    }
}
