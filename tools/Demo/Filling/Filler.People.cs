using System.Text.Json.Nodes;
using Explaino.Client;
using Explaino.Demo.Community;
using Explaino.Demo.Pictures;

namespace Explaino.Demo.Filling;

/// <summary>Accounts and profiles.</summary>
internal sealed partial class Filler
{
    private async Task SignUpAsync(Person person, CancellationToken cancellationToken)
    {
        // Looked up, because a refused registration costs the service as much as one that succeeds: it hashes the password first.
        var isNew = (await _admin.ListAsync($"/api/users?username={person.Username}", cancellationToken)).Count == 0;
        _members[person] = isNew
            ? await Member.SignUpAsync(
                gateway,
                new RegisterRequest
                {
                    Email = person.Email,
                    Username = person.Username,
                    Password = Person.Password,
                    First_name = person.FirstName,
                    Last_name = person.LastName,
                    Bio = Profiles.BioOf(person),
                },
                cancellationToken)
            : await Member.SignInAsync(gateway, person.Email, Person.Password, cancellationToken);
        Totals.Count("people", isNew);
    }

    private async Task FillProfileAsync(Person person, CancellationToken cancellationToken)
    {
        var member = _members[person];
        var profile = Profiles.Of(person);
        var present = (await member.GetAsync($"/api/profiles/{member.Id}", cancellationToken)).Body!;
        if (present["headline"] is null)
        {
            await member.SendAsync(HttpMethod.Patch, "/api/profiles/me", Gateway.Body(profile.About), cancellationToken);
        }

        foreach (var (collection, items) in profile.Collections)
        {
            var missing = present[collection.Replace('-', '_')]!.AsArray().Count == 0;
            if (missing && items.Count > 0)
            {
                await member.SendAsync(HttpMethod.Put, $"/api/profiles/me/{collection}", Gateway.Body(new { items }), cancellationToken);
            }

            Totals.Count("entries in profiles", missing ? items.Count : 0, missing ? 0 : items.Count);
        }

        await AddFaceAsync(member, person, present, cancellationToken);
        await AddSpecializationsAsync(member, profile, present, cancellationToken);
        await AddCertificatesAsync(member, profile, present, cancellationToken);
        await AddResumeAsync(member, person, profile, present, cancellationToken);
    }

    /// <summary>All but every eighth show theirs.</summary>
    private async Task AddFaceAsync(Member member, Person person, JsonNode present, CancellationToken cancellationToken)
    {
        if (person.Number % 8 == 7)
        {
            return;
        }

        var missing = present["profile_image"] is null;
        if (missing)
        {
            using var file = Gateway.File(Png.Of(new Face(person.Username), 256, 256), "face.png", "image/png");
            await member.SendAsync(HttpMethod.Put, "/api/users/me/image", file, cancellationToken);
        }

        Totals.Count("faces", missing);
    }

    private async Task AddSpecializationsAsync(Member member, Profile profile, JsonNode present, CancellationToken cancellationToken)
    {
        foreach (var name in profile.Specializations.Where(_specializations.ContainsKey))
        {
            var missing = !Has(present["specializations"], "name", name);
            if (missing)
            {
                await member.PostAsync("/api/profiles/me/specializations", new { specialization_id = _specializations[name] }, cancellationToken);
            }

            Totals.Count("specializations of people", missing);
        }
    }

    private async Task AddCertificatesAsync(Member member, Profile profile, JsonNode present, CancellationToken cancellationToken)
    {
        foreach (var certificate in profile.Certificates)
        {
            var missing = !Has(present["certificates"], "title", certificate.Title);
            if (missing)
            {
                await member.PostAsync("/api/profiles/me/certificates", certificate, cancellationToken);
            }

            Totals.Count("certificates", missing);
        }
    }

    private async Task AddResumeAsync(Member member, Person person, Profile profile, JsonNode present, CancellationToken cancellationToken)
    {
        if (!profile.HasResume)
        {
            return;
        }

        var missing = present["resume"] is null;
        if (missing)
        {
            using var file = Gateway.File(ResumePdf.Of(person, profile), $"{person.Username}.pdf", "application/pdf");
            await member.SendAsync(HttpMethod.Put, "/api/profiles/me/resume", file, cancellationToken);
        }

        Totals.Count("résumés", missing);
    }

    private static bool Has(JsonNode? items, string name, string value) => items!.AsArray().Any(item => (string?)item![name] == value);
}
