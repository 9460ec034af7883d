using System.ComponentModel.DataAnnotations;

namespace Explaino.ServiceFiles.Storage;

/// <summary><c>Storage:S3</c>: a bucket of any store that speaks the S3 protocol.</summary>
internal sealed class S3Settings
{
    /// <summary>The store's address; for AWS itself leave it out and set the region.</summary>
    public string? ServiceUrl { get; init; }

    [Required]
    public string Bucket { get; init; } = "";

    [Required]
    public string AccessKey { get; init; } = "";

    [Required]
    public string SecretKey { get; init; } = "";

    public string Region { get; init; } = "us-east-1";

    /// <summary>The bucket in the path and not in the host name, as most stores other than AWS want it.</summary>
    public bool ForcePathStyle { get; init; } = true;
}
