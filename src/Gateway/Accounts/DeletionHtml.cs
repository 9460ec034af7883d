using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Explaino.Gateway.Accounts;

/// <summary>The page's three states as HTML: nothing but a style sheet of its own, which the policy names by its hash, and a form to this address.</summary>
internal static class DeletionHtml
{
    private const string Style =
        """
        :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
        main { max-width: 32rem; margin: 3rem auto; padding: 0 1rem; }
        label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
        input { width: 100%; box-sizing: border-box; padding: .6rem; font: inherit; }
        button { margin-top: 1rem; padding: .6rem 1.2rem; font: inherit; font-weight: 600; }
        .problem { padding: .6rem; border-left: .3rem solid #c22; }
        """;

    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static string AskForAddress(string? problem = null) => Page(
        $"""
        <p>Deletes your account and everything you own in it: profile, posts, comments, likes, wallet and files. Messages to others stay, without your name.
        This cannot be undone.</p>
        {Problem(problem)}
        <form method="post" action="/account/delete">
        <label for="email">E-mail address of the account</label>
        <input id="email" name="email" type="email" autocomplete="email" maxlength="255" required autofocus>
        <button>Send me a code</button>
        </form>
        """);

    public static string AskForCode(string email, string? problem = null) => Page(
        $"""
        <p>If there is an account with the address <strong>{Encode(email)}</strong>, a code was sent there. It is good for ten minutes.</p>
        {Problem(problem)}
        <form method="post" action="/account/delete">
        <input name="email" type="hidden" value="{Encode(email)}">
        <label for="code">Code from the mail</label>
        <input id="code" name="code" autocomplete="one-time-code" maxlength="20" required autofocus>
        <button>Delete my account for good</button>
        </form>
        <p><a href="/account/delete">Another address, or another code</a></p>
        """);

    public static string Deleted() => Page("<p>Your account is deleted. What others still see of it disappears within seconds.</p>");

    private static string Problem(string? problem) => problem is null ? "" : $"<p class=\"problem\" role=\"alert\">{Encode(problem)}</p>";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    private static string Page(string content) =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Delete your Explaino account</title>
        <style>{Style}</style>
        </head>
        <body>
        <main>
        <h1>Delete your Explaino account</h1>
        {content}
        </main>
        </body>
        </html>
        """;
}
