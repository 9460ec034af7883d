using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class RegistrationTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_new_user_is_shown_as_they_are_kept()
    {
        var registration = IdentityHost.NewRegistration();
        registration["first_name"] = "  Ada ";
        registration["last_name"] = "Łovelace";
        registration["phone_number"] = "4915112345678";
        registration["bio"] = "One\r\nTwo\tThree";
        registration["profile_image"] = "https://images.example.org/ada.png";
        registration["unknown"] = 1;

        using var response = await host.PostAsync("/api/auth/register", registration);

        var user = await response.ReadObjectAsync(HttpStatusCode.Created);
        Assert.Equal($"/api/users/{(string?)user["id"]}", response.Headers.Location?.ToString());
        Assert.Equal(7, Guid.Parse((string)user["id"]!).Version);
        Assert.Equal((string?)registration["email"], (string?)user["email"]);
        Assert.Equal("Ada", (string?)user["first_name"]);
        Assert.Equal("Łovelace", (string?)user["last_name"]);
        Assert.Equal("+4915112345678", (string?)user["phone_number"]);
        Assert.Equal("One\nTwo\tThree", (string?)user["bio"]);
        Assert.False((bool)user["email_verified"]!);
        Assert.Empty(user["roles"]!.AsArray());
        Assert.Equal(
            "id,email,username,first_name,last_name,phone_number,bio,profile_image,email_verified,roles,created_at,updated_at",
            string.Join(',', user.Select(member => member.Key)));
    }

    [Fact]
    public async Task A_conflict_names_every_taken_field_whatever_its_case()
    {
        var first = IdentityHost.NewRegistration();
        first["phone_number"] = "+491511000001";
        await host.RegisterAsync(first);
        var second = first.DeepClone().AsObject();
        second["email"] = ((string)first["email"]!).ToUpperInvariant();
        second["username"] = ((string)first["username"]!).ToUpperInvariant();
        second["phone_number"] = "491511000001";

        using var response = await host.PostAsync("/api/auth/register", second);

        await response.IsProblemAsync(HttpStatusCode.Conflict, "already_taken", "email", "username", "phone_number");
    }

    [Theory]
    [InlineData("email")]
    [InlineData("username")]
    public async Task A_conflict_names_only_what_is_taken(string member)
    {
        var first = IdentityHost.NewRegistration();
        await host.RegisterAsync(first);
        var second = IdentityHost.NewRegistration();
        second[member] = (string?)first[member];

        using var response = await host.PostAsync("/api/auth/register", second);

        await response.IsProblemAsync(HttpStatusCode.Conflict, "already_taken", member);
    }

    [Fact]
    public async Task Of_many_equal_registrations_at_once_one_succeeds()
    {
        var registration = IdentityHost.NewRegistration();

        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.PostAsync("/api/auth/register", registration)));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
        Assert.Equal(19, responses.Count(response => response.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task All_failures_are_told_at_once()
    {
        using var response = await host.PostAsync("/api/auth/register", new
        {
            email = "nope",
            username = "ada",
            password = "short",
            first_name = new string('x', 51),
            last_name = "with\nnewline",
            phone_number = "0123",
            bio = new string('x', 501),
            profile_image = "ftp://example.org",
        });

        await response.IsProblemAsync(
            HttpStatusCode.BadRequest, "validation_failed",
            """email:wrong_form{"max":255}""", """username:too_short{"min":8,"max":16}""", """password:too_short{"min":8,"max":128}""", """first_name:too_long{"max":50}""",
            "last_name:control_character", """phone_number:wrong_form{"min":7,"max":15}""", """bio:too_long{"max":500}""", "profile_image:not_a_url");
    }

    [Fact]
    public async Task What_is_required_is_required()
    {
        using var response = await host.PostAsync("/api/auth/register", new { email = " ", username = (string?)null });

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "email", "username", "password");
    }

    [Theory]
    [InlineData("email", "plain")]
    [InlineData("email", "@example.org")]
    [InlineData("email", "a@")]
    [InlineData("email", "a b@example.org")]
    [InlineData("email", "a@b@example.org")]
    [InlineData("email", "a..b@example.org")]
    [InlineData("email", "a@example..org")]
    [InlineData("email", "a@-example.org")]
    [InlineData("email", "a@example.org\u0000")]
    [InlineData("username", "1adalovelace")]
    [InlineData("username", "ada.lov")]
    [InlineData("username", "ada.lovelace.king")]
    [InlineData("username", "ada lovelace")]
    [InlineData("username", "ädalovelace")]
    [InlineData("username", "adalovelace\u0000")]
    [InlineData("password", "1234567")]
    [InlineData("password", "password123")]
    [InlineData("password", "PassWord123")]
    [InlineData("password", "nul\u0000nul\u0000nul")]
    [InlineData("phone_number", "+0123456789")]
    [InlineData("phone_number", "+123456")]
    [InlineData("phone_number", "+1234567890123456")]
    [InlineData("phone_number", "+49 151 123456")]
    [InlineData("profile_image", "//example.org/a.png")]
    [InlineData("profile_image", "https://user:secret@example.org/a.png")]
    [InlineData("bio", "bell\u0007")]
    public async Task Bad_input_is_refused_by_name(string member, string value)
    {
        var registration = IdentityHost.NewRegistration();
        registration[member] = value;

        using var response = await host.PostAsync("/api/auth/register", registration);

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Theory]
    [InlineData("first_name", 50)]
    [InlineData("last_name", 50)]
    [InlineData("bio", 500)]
    public async Task The_longest_text_is_accepted(string member, int length)
    {
        var registration = IdentityHost.NewRegistration();
        registration[member] = $"  {new string('x', length)}  ";

        await host.RegisterAsync(registration);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("")]
    public async Task What_is_no_object_is_malformed(string body)
    {
        using var client = host.Anonymous();

        using var response = await client.PostAsync("/api/auth/register", new StringContent(body, null, "application/json"));

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "malformed_request");
    }

    [Fact]
    public async Task A_wrong_type_is_refused_by_name()
    {
        var registration = IdentityHost.NewRegistration();
        registration["first_name"] = 5;

        using var response = await host.PostAsync("/api/auth/register", registration);

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "first_name");
    }

    [Fact]
    public async Task A_form_is_no_registration()
    {
        using var client = host.Anonymous();

        using var response = await client.PostAsync("/api/auth/register", new FormUrlEncodedContent([new("email", "a@example.org")]));

        await response.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task A_stale_token_and_a_trailing_slash_do_not_matter()
    {
        using var client = host.WithToken("stale");

        using var response = await client.PostAsJsonAsync("/api/auth/register/", IdentityHost.NewRegistration());

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task The_document_tells_what_registration_takes()
    {
        using var client = host.Anonymous();

        var document = await client.GetObjectAsync("/openapi/v1.json");

        var request = document["components"]!["schemas"]!["RegisterRequest"]!.AsObject();
        Assert.Equal(["email", "username", "password"], request["required"]!.AsArray().Select(member => (string?)member));
        Assert.Equal(
            ["email 1-255", "username 8-16", "password 8-128", "first_name -50", "last_name -50", "phone_number -", "bio -500", "profile_image -500", "accepted_terms -50"],
            request["properties"]!.AsObject().Select(member => $"{member.Key} {member.Value!["minLength"]}-{member.Value["maxLength"]}"));
        var search = document["paths"]!["/api/users"]!["get"]!["parameters"]!.AsArray().Select(parameter => (string?)parameter!["name"]);
        Assert.Equal(["username", "ids", "q", "limit", "cursor"], search);
        Assert.DoesNotContain(document["paths"]!.AsObject(), path => path.Key.Contains("internal", StringComparison.Ordinal));
    }
}
