using System.CommandLine;
using System.Diagnostics;
using Explaino.Client;
using Explaino.Demo;
using Explaino.Demo.Community;
using Explaino.Demo.Filling;

const int Refused = 2;

var port = new Option<int>("--port") { Description = "The port of ./dev run on this machine", DefaultValueFactory = _ => 8080 };
var address = new Option<Uri?>("--gateway")
{
    Description = "The gateway's address, in place of --port",
    CustomParser = result =>
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            return uri;
        }

        result.AddError("--gateway takes an address like http://localhost:8080");
        return null;
    },
};
var people = new Option<int>("--people") { Description = "How many people", DefaultValueFactory = _ => 300 };
var adminEmail = new Option<string>("--admin-email") { Description = "Who gives the awards", DefaultValueFactory = _ => "admin@explaino.local" };
var adminPassword = new Option<string>("--admin-password") { Description = "Their password", DefaultValueFactory = _ => "Admin-Passw0rd!" };
var elsewhere = new Option<bool>("--yes-really") { Description = "Fill a gateway that is not on this machine: everybody there gets the same public password" };
people.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is < 1 or > 2000)
    {
        result.AddError("--people takes a number from 1 to 2000");
    }
});

var command = new RootCommand("Fills a running Explaino with a believable community, through its public API. A second run adds nothing twice.")
{
    port, address, people, adminEmail, adminPassword, elsewhere,
};
command.SetAction(async (arguments, cancellationToken) =>
{
    var target = arguments.GetValue(address) ?? new Uri($"http://localhost:{arguments.GetValue(port)}");
    if (!target.IsLoopback && !arguments.GetValue(elsewhere))
    {
        await Console.Error.WriteLineAsync($"{target} is not on this machine, and the demo's people all have a public password. If that is meant: --yes-really");
        return Refused;
    }

    try
    {
        await FillAsync(target, arguments, cancellationToken);
        return 0;
    }
    catch (Exception refusal) when (refusal is RefusedException or ApiException)
    {
        await Console.Error.WriteLineAsync(refusal.Message);
    }
    catch (HttpRequestException e)
    {
        await Console.Error.WriteLineAsync($"{target} does not answer: {e.Message}\nIs ./dev run running?");
    }

    return 1;
});

return await command.Parse(args).InvokeAsync();

async Task FillAsync(Uri target, ParseResult arguments, CancellationToken cancellationToken)
{
    var began = Stopwatch.GetTimestamp();
    var plan = new CommunityPlan(arguments.GetValue(people));
    using var gateway = new Gateway(target);
    var filler = new Filler(gateway, plan);
    var stages = await filler.BeginAsync(arguments.GetValue(adminEmail)!, arguments.GetValue(adminPassword)!, cancellationToken);

    Console.WriteLine($"Filling {target} with {plan.People.Count} people; whoever is there already is recognized");
    await Presentation.RunAsync(stages, cancellationToken);
    Presentation.Sum(filler.Totals, began);
    Console.WriteLine($"Sign in as {plan.People[0].Email}, {plan.People[^1].Email} or anybody else with the password {Person.Password}");
}
