using System.Net.Sockets;
using System.Security.Authentication;
using Routing.Core.Llm;

namespace Routing.Core.Providers;

/// <summary>What a connection that did not hold means.</summary>
public static class TransportFailures
{
    public static Failure Classify(Exception exception) => Failure.Of(FailureKind.Transport, Sentence(exception));

    private static string Sentence(Exception exception) => (exception, exception.InnerException) switch
    {
        (_, AddressRefusedException or TimeoutException) => exception.InnerException!.Message, // The guard's own sentences.
        (HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }, _) => "The provider's host name could not be resolved.",
        (HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }, _) or (_, AuthenticationException) => "No secure connection to the provider: its certificate was refused or TLS failed.",
        (_, SocketException { SocketErrorCode: SocketError.ConnectionRefused }) => "The provider refused the connection.",
        (_, SocketException { SocketErrorCode: SocketError.ConnectionReset }) => "The provider reset the connection.",
        (_, SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }) => "The provider's host name could not be resolved.",
        (HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }, _) => "No connection to the provider.",
        (HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }, _) or (HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }, _) => "The provider ended the connection in the middle of its answer.",
        (HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }, _) => "The provider's answer is not HTTP.",
        _ => "The connection to the provider broke.",
    };
}
