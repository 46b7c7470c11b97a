using System.Text;
using Microsoft.AspNetCore.Http;

namespace DhcpHost.Plugin.Metadata.Requests;

/// <summary>Answers of a line of text.</summary>
internal static class Answers
{
    public static async Task WriteAsync(HttpContext context, int status, string text)
    {
        var body = Encoding.UTF8.GetBytes(text + "\n");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
