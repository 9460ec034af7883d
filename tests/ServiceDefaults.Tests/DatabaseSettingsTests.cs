using Explaino.ServiceDefaults.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>How a service uses its database, unless its connection string says otherwise.</summary>
public sealed class DatabaseSettingsTests
{
    [Fact]
    public void Waits_are_short_and_statements_are_prepared()
    {
        var settings = SettingsOf("Host=localhost");

        Assert.Equal((3, 10), (settings.Timeout, settings.CommandTimeout));
        Assert.Equal((100, 2), (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages));
        Assert.True(settings.NoResetOnClose);
    }

    [Fact]
    public void What_the_connection_string_says_wins()
    {
        var settings = SettingsOf("Host=localhost;Timeout=15;Command Timeout=30;Max Auto Prepare=0;No Reset On Close=false");

        Assert.Equal((15, 30, 0), (settings.Timeout, settings.CommandTimeout, settings.MaxAutoPrepare));
        Assert.False(settings.NoResetOnClose);
    }

    private static NpgsqlConnectionStringBuilder SettingsOf(string connectionString)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:nothingdb"] = connectionString;
        builder.AddDatabase<Nothing>("nothingdb");
        using var app = (IDisposable)builder.Build();
        return new(((WebApplication)app).Services.GetRequiredService<NpgsqlDataSource>().ConnectionString);
    }

    private sealed class Nothing(DbContextOptions<Nothing> options) : DbContext(options);
}
