using Microsoft.OpenApi;

namespace Explaino.JobBoardService.Jobs;

/// <summary>Schema of <see cref="JobPosting"/> in the OpenAPI document: its names are schema.org's, and a generator makes nothing of an object without members.</summary>
internal static class JobPostingSchema
{
    public static OpenApiSchema Create() => Object(
        "A JobPosting of schema.org.",
        required: ["@context", "@type", "@id", "identifier", "title", "description", "datePosted", "hiringOrganization", "url"],
        new()
        {
            ["@context"] = Text(),
            ["@type"] = Text(),
            ["@id"] = Text("uri"),
            ["identifier"] = Object("The job's id.", ["@type", "name", "value"], new() { ["@type"] = Text(), ["name"] = Text(), ["value"] = Text("uuid") }),
            ["title"] = Text(),
            ["description"] = Text(),
            ["datePosted"] = Text("date-time"),
            ["validThrough"] = Text("date-time"),
            ["employmentType"] = Text(),
            ["hiringOrganization"] = Named("An Organization, or the Person who posted it."),
            ["jobLocation"] = Object("A Place, unless the work is remote.", ["@type", "address"], new()
            {
                ["@type"] = Text(),
                ["address"] = Object("A PostalAddress.", ["@type", "addressLocality"], new() { ["@type"] = Text(), ["addressLocality"] = Text() }),
            }),
            ["jobLocationType"] = Text(),
            ["applicantLocationRequirements"] = Named("An AdministrativeArea, where the work is remote."),
            ["keywords"] = Text(),
            ["image"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text("uri") },
            ["url"] = Text("uri"),
        });

    private static OpenApiSchema Named(string description) => Object(description, ["@type", "name"], new() { ["@type"] = Text(), ["name"] = Text() });

    private static OpenApiSchema Text(string? format = null) => new() { Type = JsonSchemaType.String, Format = format };

    private static OpenApiSchema Object(string description, string[] required, Dictionary<string, IOpenApiSchema> members) =>
        new() { Type = JsonSchemaType.Object, Description = description, Required = required.ToHashSet(), Properties = members };
}
