using System.Globalization;
using System.Text;
using Explaino.ProfileService.Collections;

namespace Explaino.ProfileService.Profiles;

/// <summary>Dates as the JSON Resume schema writes them: years 1000 to 2999; others, like those that stand for an open end, are left out.</summary>
internal static class SchemaDate
{
    public static string? Of(PartialDate? date) => date is { First.Year: >= 1000 and <= 2999 } ? date.ToString() : null;

    public static string? Of(DateOnly date) =>
        date.Year is >= 1000 and <= 2999 ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
}

/// <summary>URIs (RFC 3986) made of addresses as people type them (<c>https://müller.example/a|b?q=ü</c>), which are IRIs at best.</summary>
internal static class SchemaUri
{
    /// <returns>Null for what no URI can be made of.</returns>
    public static string? Of(string? address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            return null;
        }

        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : Encoded(uri.IdnHost, "");
        var port = uri.IsDefaultPort ? "" : $":{uri.Port}";
        var path = uri.AbsolutePath == "/" && address!.IndexOf('/', "https://".Length) < 0 ? "" : uri.AbsolutePath;
        var fragment = uri.Fragment.Length > 0 ? $"#{Encoded(uri.Fragment[1..], "/?:@")}" : "";
        return $"{uri.Scheme}://{host}{port}{Encoded(path, "/:@")}{Encoded(uri.Query, "/?:@")}{fragment}";
    }

    /// <summary>Percent-encodes what RFC 3986 allows neither anywhere (unreserved, sub-delims) nor in this part.</summary>
    private static string Encoded(string part, string allowed)
    {
        var encoded = new StringBuilder();
        for (var index = 0; index < part.Length; index++)
        {
            var isEscape = part[index] == '%' && index + 2 < part.Length && char.IsAsciiHexDigit(part[index + 1]) && char.IsAsciiHexDigit(part[index + 2]);
            if (isEscape || char.IsAsciiLetterOrDigit(part[index]) || "-._~!$&'()*+,;=".Contains(part[index]) || allowed.Contains(part[index]))
            {
                encoded.Append(part[index]);
                continue;
            }

            var length = char.IsSurrogatePair(part, index) ? 2 : 1;
            foreach (var octet in Encoding.UTF8.GetBytes(part.Substring(index, length)))
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }

            index += length - 1;
        }

        return encoded.ToString();
    }
}
