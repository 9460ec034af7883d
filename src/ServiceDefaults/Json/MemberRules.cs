using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;

namespace Explaino.ServiceDefaults.Json;

/// <summary>The rules on a type's members, asked by hand where the framework does not ask: for what a PATCH makes, and for what could be read of a body.</summary>
internal sealed class MemberRules(IOptions<ValidationOptions> validation, IServiceProvider services)
{
    public bool Know(Type type) => validation.Value.TryGetValidatableTypeInfo(type, out _);

    /// <param name="unreadable">Members that could not be read, by wire path: said already, and not missing.</param>
    public async Task<IDictionary<string, string[]>> ErrorsAsync(object value, IDictionary<string, string[]> unreadable, CancellationToken cancellationToken)
    {
        if (!validation.Value.TryGetValidatableTypeInfo(value.GetType(), out var rules))
        {
            return unreadable;
        }

        var context = new ValidateContext { ValidationOptions = validation.Value, ValidationContext = new ValidationContext(value, services, items: null) };
        await rules.ValidateAsync(value, context, cancellationToken);
        var errors = new Dictionary<string, string[]>(unreadable);
        foreach (var (member, sentences) in context.ValidationErrors ?? [])
        {
            // A list one of whose elements could not be read has a null there, which is said already.
            if (!unreadable.Keys.Any(path => path == JsonMemberPath.Of(member) || path.StartsWith($"{JsonMemberPath.Of(member)}[", StringComparison.Ordinal)))
            {
                errors[member] = sentences;
            }
        }

        return errors;
    }
}
