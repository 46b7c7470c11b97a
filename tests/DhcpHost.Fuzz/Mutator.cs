namespace DhcpHost.Fuzz;

/// <summary>Makes messages that nobody sends out of ones that real clients sent.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, Random random)
{
    private const int MaxLength = 1500;
    private static readonly byte[] Interesting = [0, 1, 2, 4, 50, 53, 54, 55, 57, 61, 82, 127, 128, 254, 255];

    private readonly byte[] _buffer = new byte[MaxLength * 2];

    /// <summary>The next message; valid until the next call. About one in twenty is as it was captured.</summary>
    public ReadOnlySpan<byte> Next()
    {
        var origin = corpus[random.Next(corpus.Count)];
        origin.CopyTo(_buffer, 0);
        var length = origin.Length;
        for (var i = random.Next(20) == 0 ? 0 : 1 + random.Next(6); i > 0; i--)
        {
            length = Mutate(length);
        }

        return _buffer.AsSpan(0, length);
    }

    private int Mutate(int length)
    {
        if (length == 0)
        {
            return 0;
        }

        var at = random.Next(length);
        switch (random.Next(8))
        {
            case 0:
                _buffer[at] ^= (byte)(1 << random.Next(8));
                return length;
            case 1:
                _buffer[at] = (byte)random.Next(256);
                return length;
            case 2:
                _buffer[at] = Interesting[random.Next(Interesting.Length)];
                return length;
            case 3:
                return at;
            case 4:
                {
                    // A piece of it comes twice.
                    var size = Math.Min(random.Next(1, 300), Math.Min(length - at, MaxLength - length));
                    if (size > 0)
                    {
                        _buffer.AsSpan(at, length - at).CopyTo(_buffer.AsSpan(at + size));
                        length += size;
                    }

                    return length;
                }

            case 5:
                {
                    var size = random.Next(1, 1 + Math.Min(40, length - at));
                    _buffer.AsSpan(at + size, length - at - size).CopyTo(_buffer.AsSpan(at));
                    return length - size;
                }

            case 6:
                {
                    // The end of another.
                    var other = corpus[random.Next(corpus.Count)];
                    var from = random.Next(other.Length);
                    var size = Math.Min(other.Length - from, MaxLength - at);
                    other.AsSpan(from, size).CopyTo(_buffer.AsSpan(at));
                    return at + size;
                }

            default:
                random.NextBytes(_buffer.AsSpan(at, Math.Min(random.Next(1, 9), length - at)));
                return length;
        }
    }
}
