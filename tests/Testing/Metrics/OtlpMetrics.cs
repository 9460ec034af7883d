using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Explaino.Testing.Metrics;

/// <summary>One time series at one moment.</summary>
/// <param name="Series">As Prometheus writes it.</param>
/// <param name="Counts">Whether it is a counter, which only grows.</param>
public sealed record Sample(string Series, double Value, bool Counts);

/// <summary>Metrics of an export over OTLP (opentelemetry/proto/metrics/v1), by the names that Prometheus gives them.</summary>
internal static class OtlpMetrics
{
    private static readonly Dictionary<string, string> Units = new() { ["s"] = "_seconds", ["By"] = "_bytes", ["1"] = "_ratio" };

    public static IEnumerable<Sample> Read(ReadOnlyMemory<byte> export) =>
        from resource in Protobuf.Of(export, 1)
        let labels = LabelsOf(Protobuf.Of(resource, 1).SelectMany(attributes => Protobuf.Of(attributes, 1)))
        let process = new Dictionary<string, string> { ["job"] = labels["service_name"], ["instance"] = labels.GetValueOrDefault("service_instance_id", "") }
        from scope in Protobuf.Of(resource, 2)
        from metric in Protobuf.Of(scope, 2)
        from sample in SamplesOf(metric, process)
        select sample;

    private static IEnumerable<Sample> SamplesOf(ReadOnlyMemory<byte> metric, Dictionary<string, string> process)
    {
        var fields = Protobuf.Fields(metric).ToLookup(field => field.Number, field => field.Bytes);
        var unit = TextOf(fields[3].FirstOrDefault());
        var name = TextOf(fields[1].Single()).Replace('.', '_') + Units.GetValueOrDefault(unit, "");
        foreach (var point in fields[5].SelectMany(gauge => Protobuf.Of(gauge, 1)))
        {
            yield return new(Series(name, process, Labels(point, 7)), NumberOf(point), Counts: false);
        }

        foreach (var sum in fields[7])
        {
            var counts = Protobuf.Of(sum, 3).Any(monotonic => monotonic.Span[0] == 1);
            foreach (var point in Protobuf.Of(sum, 1))
            {
                yield return new(Series(counts ? $"{name}_total" : name, process, Labels(point, 7)), NumberOf(point), counts);
            }
        }

        foreach (var sample in fields[9].SelectMany(histogram => Protobuf.Of(histogram, 1)).SelectMany(point => BucketsOf(name, process, point)))
        {
            yield return sample;
        }
    }

    private static IEnumerable<Sample> BucketsOf(string name, Dictionary<string, string> process, ReadOnlyMemory<byte> point)
    {
        var labels = Labels(point, 9);
        var counts = MemoryMarshal.Cast<byte, long>(Protobuf.Of(point, 6).Single().Span).ToArray();
        var bounds = MemoryMarshal.Cast<byte, double>(Protobuf.Of(point, 7).FirstOrDefault().Span).ToArray();
        var below = 0L;
        foreach (var (index, count) in counts.Index())
        {
            below += count;
            labels["le"] = index < bounds.Length ? bounds[index].ToString(CultureInfo.InvariantCulture) : "+Inf";
            yield return new(Series($"{name}_bucket", process, labels), below, Counts: true);
        }

        labels.Remove("le");
        yield return new(Series($"{name}_count", process, labels), below, Counts: true);
    }

    private static double NumberOf(ReadOnlyMemory<byte> point)
    {
        var (number, bytes) = Protobuf.Fields(point).Single(field => field.Number is 4 or 6);
        return number == 4 ? BinaryPrimitives.ReadDoubleLittleEndian(bytes.Span) : BinaryPrimitives.ReadInt64LittleEndian(bytes.Span);
    }

    private static Dictionary<string, string> Labels(ReadOnlyMemory<byte> point, int number) => LabelsOf(Protobuf.Of(point, number));

    /// <summary>Those that are texts or numbers; the others are in no rule.</summary>
    private static Dictionary<string, string> LabelsOf(IEnumerable<ReadOnlyMemory<byte>> attributes)
    {
        var labels = new Dictionary<string, string>();
        foreach (var attribute in attributes)
        {
            var (number, value) = Protobuf.Fields(Protobuf.Of(attribute, 2).Single()).FirstOrDefault();
            labels[TextOf(Protobuf.Of(attribute, 1).Single()).Replace('.', '_')] = number switch
            {
                1 => TextOf(value),
                3 => $"{VarintOf(value)}",
                _ => "",
            };
        }

        return labels;
    }

    private static long VarintOf(ReadOnlyMemory<byte> bytes)
    {
        var value = 0L;
        for (var index = 0; index < bytes.Length; index++)
        {
            value |= (long)(bytes.Span[index] & 0x7F) << (7 * index);
        }

        return value;
    }

    private static string Series(string name, Dictionary<string, string> process, Dictionary<string, string> labels) =>
        $"{name}{{{string.Join(", ", process.Concat(labels).Select(label => $"{label.Key}=\"{label.Value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\""))}}}";

    private static string TextOf(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
