using Explaino.Testing;

namespace Explaino.Security.Tests;

/// <summary>Reads of a <see cref="Member"/> what an attacker would steal.</summary>
internal static class Identities
{
    public static string AccessToken(this Member member) => member.Client.DefaultRequestHeaders.Authorization!.Parameter!;
}
