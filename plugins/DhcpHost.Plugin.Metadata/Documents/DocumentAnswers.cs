using System.Globalization;
using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Plugin.Metadata.Listening;
using DhcpHost.Plugin.Metadata.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Metadata.Documents;

/// <summary>Answers requests with documents of its own: EC2's tree and OpenStack's, for cloud-init without a cloud.</summary>
internal sealed class DocumentAnswers(DocumentFiles files, string root, TimeProvider timeProvider, ILogger logger) : IMetadataAnswers
{
    private const string TokenHeader = "X-aws-ec2-metadata-token";
    private const string TokenTimeHeader = "X-aws-ec2-metadata-token-ttl-seconds";

    private readonly SessionTokens _tokens = new(timeProvider);

    public string Description => $"the policy instance-metadata and the files below {root}";

    public async Task AnswerAsync(HttpContext context, NetworkProxy proxy, IPAddress client)
    {
        var plan = proxy.Plan;
        var request = context.Request;
        string[] path = [.. (request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries)];
        if (InstanceFinder.Find(plan.Network, client) is not { } port)
        {
            proxy.Counters.UnknownClient();
            await Answers.WriteAsync(context, StatusCodes.Status404NotFound, $"Instance was not found on network {plan.Network.Id}.");
        }
        else if (path is ["latest", "api", "token"] && HttpMethods.IsPut(request.Method))
        {
            await GiveTokenAsync(context, client);
        }
        else if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            await Answers.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "Documents are read only.");
        }
        else if (request.Headers.TryGetValue(TokenHeader, out var token) && !_tokens.IsValid(token.ToString(), client))
        {
            await Answers.WriteAsync(context, StatusCodes.Status401Unauthorized, "The token is wrong, or has ended.");
        }
        else
        {
            var told = plan.Instances.FirstOrDefault(instance => instance.PortId == port.Id) ?? InstanceMetadata.Of(port);
            await GiveAsync(context, path, token => files.ReadAsync(plan.Network, port, told, token));
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    /// <summary>The document of a path; <c>null</c> where there is none.</summary>
    internal static Document? Find(InstanceDocuments instance, ReadOnlySpan<string> path) => path switch
    {
        [] => Document.Lines([.. Ec2Documents.Versions, "openstack"]),
        ["openstack"] => Document.Lines(OpenStackDocuments.Versions),
        ["openstack", var version, .. var rest] => OpenStackDocuments.Versions.Contains(version) ? OpenStackDocuments.Find(instance, rest) : null,
        [var version, .. var rest] => Ec2Documents.Versions.Contains(version) ? Ec2Documents.Find(instance, rest) : null,
    };

    private async Task GiveTokenAsync(HttpContext context, IPAddress client)
    {
        var text = context.Request.Headers[TokenTimeHeader].ToString();
        if (context.Request.Headers.ContainsKey("X-Forwarded-For"))
        {
            // As with EC2: whoever asks through a proxy is led by somebody else.
            await Answers.WriteAsync(context, StatusCodes.Status403Forbidden, "Tokens are not given through a proxy.");
        }
        else if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > SessionTokens.MaxSeconds)
        {
            await Answers.WriteAsync(
                context, StatusCodes.Status400BadRequest, $"{TokenTimeHeader} is a number of seconds from 1 to {SessionTokens.MaxSeconds}.");
        }
        else
        {
            context.Response.Headers[TokenTimeHeader] = text;
            await SendAsync(context, Document.Text(_tokens.Create(client, seconds)));
        }
    }

    private async Task GiveAsync(HttpContext context, string[] path, Func<CancellationToken, Task<InstanceDocuments>> read)
    {
        Document? document;
        try
        {
            document = Find(await read(context.RequestAborted), path);
        }
        catch (DhcpHostException e)
        {
            Log.NoDocument(logger, e.Message);
            await Answers.WriteAsync(context, StatusCodes.Status500InternalServerError, "The document cannot be made; the host's log says why.");
            return;
        }

        await (document is null ? Answers.WriteAsync(context, StatusCodes.Status404NotFound, "There is no such document.") : SendAsync(context, document));
    }

    private static async Task SendAsync(HttpContext context, Document document)
    {
        context.Response.ContentType = document.ContentType;
        context.Response.ContentLength = document.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(document.Body, context.RequestAborted);
        }
    }
}
