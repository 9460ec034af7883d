using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Explaino.JobBoardService.Jobs;

/// <summary>A JSON object in UTF-8 with holes in place of the values of some members.</summary>
internal sealed class JsonTemplate
{
    private readonly byte[][] _parts;

    private JsonTemplate(byte[][] parts) => _parts = parts;

    /// <summary>In bytes, without what goes into the holes.</summary>
    public int Length => _parts.Sum(part => part.Length);

    /// <param name="json">The object, with any values in the holes.</param>
    /// <param name="members">Whose values are cut out, in the order in which they stand.</param>
    /// <exception cref="ArgumentException">A member is not there, or not in this order.</exception>
    public static JsonTemplate Of(byte[] json, params string[] members)
    {
        var (parts, begin) = (new List<byte[]>(), 0);
        var reader = new Utf8JsonReader(json);
        while (reader.Read() && parts.Count < members.Length)
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals(members[parts.Count]))
            {
                reader.Read();
                parts.Add(json[begin..(int)reader.TokenStartIndex]);
                begin = (int)reader.BytesConsumed;
            }
        }

        return parts.Count == members.Length
            ? new([.. parts, json[begin..]])
            : throw new ArgumentException($"There is no {members[parts.Count]}, or not in this order.", nameof(members));
    }

    /// <summary>Writes the object with numbers and truth values in its holes.</summary>
    public void WriteTo(IBufferWriter<byte> target, params ReadOnlySpan<JsonHole> values)
    {
        for (var hole = 0; hole < values.Length; hole++)
        {
            target.Write(_parts[hole]);
            values[hole].WriteTo(target);
        }

        target.Write(_parts[^1]);
    }
}

/// <summary>What goes into a hole of a <see cref="JsonTemplate"/>.</summary>
internal readonly record struct JsonHole
{
    private readonly int _number;
    private readonly bool? _truth;

    private JsonHole(int number, bool? truth) => (_number, _truth) = (number, truth);

    public static implicit operator JsonHole(int number) => new(number, null);

    public static implicit operator JsonHole(bool truth) => new(0, truth);

    public void WriteTo(IBufferWriter<byte> target)
    {
        if (_truth is { } truth)
        {
            target.Write(truth ? "true"u8 : "false"u8);
            return;
        }

        _number.TryFormat(target.GetSpan(11), out var length, provider: CultureInfo.InvariantCulture);
        target.Advance(length);
    }
}
