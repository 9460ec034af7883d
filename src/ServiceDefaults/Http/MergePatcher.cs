using System.Text.Json;
using System.Text.Json.Nodes;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Explaino.ServiceDefaults.Http;

/// <summary>
/// Applies a <see cref="MergePatch{T}"/> and validates the outcome with the rules of its type, so that PATCH and POST obey the same
/// ones. The type is marked <c>[ValidatableType]</c>, and its assembly calls <c>AddValidation</c>.
/// </summary>
public sealed class MergePatcher
{
    private readonly IOptions<JsonOptions> _json;
    private readonly MemberRules _rules;

    internal MergePatcher(IOptions<JsonOptions> json, MemberRules rules) => (_json, _rules) = (json, rules);

    /// <returns>The changed thing, or the 400 that says all that is wrong with it.</returns>
    public async Task<ProblemOr<T>> ApplyAsync<T>(MergePatch<T> patch, T current, CancellationToken cancellationToken)
        where T : class
    {
        if (!_rules.Know(typeof(T)))
        {
            throw new InvalidOperationException($"{typeof(T).Name} is not marked [ValidatableType], or its assembly does not call AddValidation.");
        }

        var json = _json.Value.SerializerOptions;
        var (changed, unreadable) = Read(patch.ApplyTo(current, json), typeof(T), json);
        var errors = changed is null ? unreadable : await _rules.ErrorsAsync(changed, unreadable, cancellationToken);
        return errors.Count > 0 ? Problems.Invalid(errors) : (T)changed!;
    }

    private static (object? Value, Dictionary<string, string[]> Unreadable) Read(JsonObject patched, Type type, JsonSerializerOptions json)
    {
        try
        {
            return TolerantReader.Read(patched, type, json, BufferedBody.UsualSize);
        }
        catch (JsonException broken)
        {
            throw new BadHttpRequestException("A member of the patch is of the wrong type.", broken);
        }
    }
}
