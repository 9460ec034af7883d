using Microsoft.AspNetCore.Http;

namespace Explaino.ServiceDefaults.Http;

/// <summary>What handlers return, for filters that look into it.</summary>
public static class HandlerResults
{
    /// <summary>The one result that a <c>Results&lt;…&gt;</c> of several stands for; any other as it is.</summary>
    public static object? Unwrapped(this object? result) => result is INestedHttpResult { Result: var inner } ? inner : result;
}
