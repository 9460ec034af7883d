using System.Linq.Expressions;
using System.Reflection;
using Explaino.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ServiceData.Postgres;

/// <summary>
/// Row limit as a literal of the statement. PostgreSQL keeps one plan of a prepared statement for all parameters unless plans for the very parameters look
/// cheaper, and with a parameter behind LIMIT they always do: then each page is planned anew, which takes longer than to read it.
/// </summary>
public static class RowLimit
{
    private static readonly MethodInfo Take = new Func<IQueryable<object>, int, IQueryable<object>>(Queryable.Take).Method.GetGenericMethodDefinition();
    private static readonly MethodInfo Constant = new Func<int, int>(EF.Constant).Method;

    /// <summary>A page's rows and one more, which tells whether another page follows.</summary>
    /// <remarks>
    /// Not where the values of a filter decide the plan (a tag that all posts have, or one; words to search for): such a page is better planned for its values, with
    /// <see cref="Queryable.Take{T}(IQueryable{T}, int)"/>.
    /// </remarks>
    public static IQueryable<T> TakePage<T>(this IQueryable<T> rows, PageRequest page) => rows.Provider.CreateQuery<T>(Expression.Call(
        Take.MakeGenericMethod(typeof(T)), rows.Expression, Expression.Call(Constant, Expression.Constant(page.Rows))));
}
