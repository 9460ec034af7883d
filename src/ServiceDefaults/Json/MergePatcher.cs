using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;

namespace Explaino.ServiceDefaults.Json;

/// <summary>
/// Applies a <see cref="MergePatch{T}"/> and validates the outcome with the rules of its type, so that PATCH and POST obey the same
/// ones. The type is marked <c>[ValidatableType]</c>, and its assembly calls <c>AddValidation</c>.
/// </summary>
public sealed class MergePatcher(IOptions<JsonOptions> json, IOptions<ValidationOptions> validation, IServiceProvider services)
{
    /// <returns>The changed thing, or the 400 that says all that is wrong with it.</returns>
    public async Task<(T? Changed, ProblemHttpResult? Refusal)> ApplyAsync<T>(MergePatch<T> patch, T current, CancellationToken cancellationToken)
        where T : class
    {
        if (!validation.Value.TryGetValidatableTypeInfo(typeof(T), out var rules))
        {
            throw new InvalidOperationException($"{typeof(T).Name} is not marked [ValidatableType], or its assembly does not call AddValidation.");
        }

        T changed;
        try
        {
            changed = patch.ApplyTo(current, json.Value.SerializerOptions);
        }
        catch (JsonException wrongType)
        {
            throw new BadHttpRequestException("A member of the patch is of the wrong type.", wrongType);
        }

        var context = new ValidateContext
        {
            ValidationOptions = validation.Value,
            ValidationContext = new ValidationContext(changed, services, items: null),
        };
        await rules.ValidateAsync(changed, context, cancellationToken);

        return context.ValidationErrors is { Count: > 0 } errors ? (null, Problems.Invalid(errors)) : (changed, null);
    }
}
