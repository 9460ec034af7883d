using System.ComponentModel.DataAnnotations;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;

namespace Explaino.ServiceDefaults.Json;

/// <summary>
/// The rules on a type's members, asked by hand where the framework does not ask: for what a PATCH makes, for lists, and for what could be read of a body.
/// </summary>
public sealed class MemberRules
{
    private static readonly Dictionary<string, string[]> None = [];

    private readonly ValidationOptions _validation;
    private readonly IServiceProvider _services;

    internal MemberRules(IOptions<ValidationOptions> validation, IServiceProvider services) => (_validation, _services) = (validation.Value, services);

    /// <returns>All that is wrong with the list or any of its elements.</returns>
    public Task<IDictionary<string, string[]>> ErrorsAsync(IListBody list, CancellationToken cancellationToken) => ErrorsAsync(list, None, cancellationToken);

    internal bool Know(Type type) => _validation.TryGetValidatableTypeInfo(type, out _);

    /// <param name="unreadable">Members that could not be read, by wire path: said already, and not missing.</param>
    internal async Task<IDictionary<string, string[]>> ErrorsAsync(object value, IDictionary<string, string[]> unreadable, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>(unreadable);
        foreach (var (path, part) in PartsOf(value, errors))
        {
            foreach (var (member, sentences) in await ErrorsOfPartAsync(path, part, cancellationToken))
            {
                // A list one of whose elements could not be read has a null there, which is said already.
                if (!unreadable.Keys.Any(known => known == JsonMemberPath.Of(member) || known.StartsWith($"{JsonMemberPath.Of(member)}[", StringComparison.Ordinal)))
                {
                    errors[member] = sentences;
                }
            }
        }

        return errors;
    }

    private static IEnumerable<(string? Path, object? Part)> PartsOf(object value, Dictionary<string, string[]> errors)
    {
        if (value is not IListBody list)
        {
            return [(null, value)];
        }

        if (list.Elements.Count > list.MaximumCount)
        {
            errors[IListBody.Member] = [new Violation("too_many", $"Must have at most {list.MaximumCount} items.", Max: list.MaximumCount)];
            return [];
        }

        return list.Elements.Select((element, index) => ((string?)$"{IListBody.Member}[{index}]", element));
    }

    private async Task<IDictionary<string, string[]>> ErrorsOfPartAsync(string? path, object? part, CancellationToken cancellationToken)
    {
        if (part is null)
        {
            return new Dictionary<string, string[]> { [path!] = [new Violation("required", "Must not be null.")] };
        }

        if (!_validation.TryGetValidatableTypeInfo(part.GetType(), out var rules))
        {
            return path is null ? None : throw new InvalidOperationException($"{part.GetType().Name} is not marked [ValidatableType].");
        }

        var context = new ValidateContext
        {
            ValidationOptions = _validation,
            ValidationContext = new ValidationContext(part, _services, items: null),
            CurrentValidationPath = path ?? "",
        };
        await rules.ValidateAsync(part, context, cancellationToken);
        return context.ValidationErrors ?? None;
    }
}
