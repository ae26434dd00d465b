using System.Buffers;
using Routing.Core.Llm;

namespace Routing.Edge.Calls;

/// <summary>The whole request body in a pooled array.</summary>
internal readonly struct RequestBody(byte[] rented, int length) : IDisposable
{
    private const int FirstGuess = 8 * 1024;

    public ReadOnlyMemory<byte> Json => rented.AsMemory(0, length);

    public void Dispose()
    {
        if (rented.Length > 0) ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>False when the head alone says that the body cannot be read.</summary>
    public static bool TryCheckHead(HttpRequest request, int most, out ErrorAnswer error)
    {
        error = default;
        if (request.ContentLength > most) error = TooLarge(most);
        else if (request.Headers.ContentEncoding.Count > 0) error = Compressed;
        else if (!IsJson(request.ContentType)) error = WrongType(request.ContentType);
        return error.Status == 0;
    }

    /// <exception cref="BadHttpRequestException">The connection breaks HTTP's rules or our limits.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        var rented = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? FirstGuess));
        var length = 0;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                var fits = length + read.Buffer.Length <= most;
                if (fits) Take(read.Buffer, ref rented, ref length);
                reader.AdvanceTo(read.Buffer.End);
                if (!fits) throw new BadHttpRequestException("The body is larger than this edge takes.", 413);
                if (read.IsCompleted) return new RequestBody(rented, length);
            }
        }
        catch (Exception e)
        {
            ArrayPool<byte>.Shared.Return(rented);

            // Kestrel lets a chunk size of 17 digits overflow instead of calling it a bad request.
            if (e is OverflowException || (e is IOException and not BadHttpRequestException)) throw new BadHttpRequestException("The body's framing cannot be read.", 400, e);
            throw;
        }
    }

    public static ErrorAnswer TooLarge(int most) => ErrorAnswer.Of(
        Failure.Of(FailureKind.RequestTooLarge, $"The request body is larger than {most} bytes, the most this edge takes."));

    private static readonly ErrorAnswer Compressed = new(415, "invalid_request_error", "unsupported_content_encoding", "invalid_request",
        "Compressed request bodies are not accepted. Send the JSON as it is.");

    private static ErrorAnswer WrongType(string? type) => new(415, "invalid_request_error", "unsupported_content_type", "invalid_request",
        $"The content type is '{ErrorAnswer.Shown(type ?? "")}'. Send 'Content-Type: application/json'.");

    private static void Take(in ReadOnlySequence<byte> bytes, ref byte[] rented, ref int length)
    {
        var needed = length + (int)bytes.Length;
        if (needed > rented.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, rented.Length * 2));
            rented.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(rented);
            rented = larger;
        }

        bytes.CopyTo(rented.AsSpan(length));
        length = needed;
    }

    private static bool IsJson(string? type)
    {
        if (type is null) return false;
        var media = type.AsSpan();
        var end = media.IndexOf(';');
        if (end >= 0) media = media[..end];
        return media.Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);
    }
}
