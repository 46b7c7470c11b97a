using System.Net;
using DhcpHost.Plugin.Metadata.Listening;
using Microsoft.AspNetCore.Http;

namespace DhcpHost.Plugin.Metadata.Requests;

/// <summary>Where the answers come from.</summary>
internal interface IMetadataAnswers : IDisposable
{
    /// <summary>For people.</summary>
    string Description { get; }

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request, which is within all limits.</param>
    /// <param name="proxy">Of its network.</param>
    /// <param name="client">The normalized address of the client.</param>
    Task AnswerAsync(HttpContext context, NetworkProxy proxy, IPAddress client);
}
