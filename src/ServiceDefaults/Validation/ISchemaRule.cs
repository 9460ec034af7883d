using Microsoft.OpenApi;

namespace Explaino.ServiceDefaults.Validation;

/// <summary>A validation rule that a schema can say too, so that a client knows it before it is refused.</summary>
public interface ISchemaRule
{
    void Describe(OpenApiSchema schema);
}
