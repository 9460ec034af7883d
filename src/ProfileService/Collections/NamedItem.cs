using Explaino.ServiceDefaults.Text;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ProfileService.Collections;

/// <summary>A thing with a name, listed once.</summary>
[ValidatableType]
public sealed record NamedItemRequest([property: RequiredMember, Text(100, MinimumLength = 1)] string? Name);

internal sealed record NamedItemResponse(Guid Id, string Name);

internal abstract class NamedItem : CollectionItem<NamedItemRequest, NamedItemResponse>
{
    public string Name { get; private set; } = "";

    public override void Apply(NamedItemRequest request) => Name = TextFolding.OneBlank(request.Name!);

    public override NamedItemResponse ToResponse() => new(Id, Name);
}
