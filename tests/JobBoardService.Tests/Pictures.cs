using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>Images as cameras and editors make them (Files).</summary>
internal static class Pictures
{
    public static byte[] File(string name) => System.IO.File.ReadAllBytes(Repository.PathTo("tests", "JobBoardService.Tests", "Files", name));
}
