namespace Explaino.Testing;

/// <summary>The fixed names of one service: its project, its name in configuration, and its database.</summary>
public sealed record Service(string Name, string Project, string Database)
{
    public static readonly Service Gateway = new("gateway", "Gateway", "");
    public static readonly Service Identity = new("identity", "IdentityService", "identity");
    public static readonly Service Wallet = new("wallet", "WalletService", "wallet");
    public static readonly Service Profile = new("profile", "ProfileService", "profile");
    public static readonly Service Jobs = new("jobs", "JobBoardService", "jobboard");
    public static readonly Service Chat = new("chat", "ChatService", "chat");

    public string ConnectionStringKey => $"ConnectionStrings:{Database}db";

    public string AddressKey => $"services:{Name}:http:0";

    // What was built beside the tests; or, if EXPLAINO_PUBLISHED names the runtime that it was published for, what is deployed.
    public string Assembly => Path.Combine(
        Environment.GetEnvironmentVariable("EXPLAINO_PUBLISHED") is { Length: > 0 } runtime
            ? Repository.PathTo("artifacts", "publish", Project, $"release_{runtime}")
            : Repository.OutputOf(Project),
        $"{Project}.dll");
}
