using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Explaino.ServiceDefaults.Errors;

namespace Explaino.ServiceFiles.Storage;

/// <summary>Files as objects <c>{prefix}/{key}</c> of an S3 bucket.</summary>
internal sealed class S3Store : IFileStore, IDisposable
{
    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly string _prefix;

    public S3Store(S3Settings settings, string prefix)
    {
        var config = new AmazonS3Config
        {
            AuthenticationRegion = settings.Region,
            ForcePathStyle = settings.ForcePathStyle,
            MaxErrorRetry = 2,
            Timeout = TimeSpan.FromSeconds(20),
            // Checksums that only AWS asks for and others refuse.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (settings.ServiceUrl is null)
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(settings.Region);
        }
        else
        {
            config.ServiceURL = settings.ServiceUrl;
        }

        _client = new AmazonS3Client(new BasicAWSCredentials(settings.AccessKey, settings.SecretKey), config);
        _bucket = settings.Bucket;
        _prefix = $"{prefix}/";
    }

    public async Task<Guid> SaveAsync(Stream content, CancellationToken cancellationToken)
    {
        var key = Guid.CreateVersion7();
        await PutAsync(NameOf(key), content, cancellationToken);
        return key;
    }

    public Task SaveVariantAsync(Guid key, string variant, Stream content, CancellationToken cancellationToken) =>
        PutAsync(NameOf(key, variant), content, cancellationToken);

    public async Task<Stream?> OpenAsync(Guid key, string? variant, CancellationToken cancellationToken)
    {
        var name = NameOf(key, variant);
        try
        {
            var found = await CallAsync(() => _client.GetObjectMetadataAsync(_bucket, name, cancellationToken));
            return new RangedStream(found.ContentLength, (from, cancellation) => ReadFromAsync(name, from, cancellation));
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task DeleteAsync(Guid key, CancellationToken cancellationToken)
    {
        var files = await CallAsync(() => _client.ListObjectsV2Async(new() { BucketName = _bucket, Prefix = NameOf(key) }, cancellationToken));
        foreach (var file in files.S3Objects ?? [])
        {
            await CallAsync(() => _client.DeleteObjectAsync(_bucket, file.Key, cancellationToken));
        }
    }

    public async IAsyncEnumerable<Guid> ListAsync(DateTimeOffset savedBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = _prefix };
        do
        {
            var page = await CallAsync(() => _client.ListObjectsV2Async(request, cancellationToken));
            foreach (var file in page.S3Objects ?? [])
            {
                if (StoredName.TryParse(file.Key.AsSpan(_prefix.Length), out var key) && file.LastModified?.ToUniversalTime() < savedBefore)
                {
                    yield return key;
                }
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    public void Dispose() => _client.Dispose();

    private Task<PutObjectResponse> PutAsync(string name, Stream content, CancellationToken cancellationToken) => CallAsync(() => _client.PutObjectAsync(
        new PutObjectRequest
        {
            BucketName = _bucket,
            Key = name,
            InputStream = content,
            AutoCloseStream = false,
            AutoResetStreamPosition = false,
            ContentType = "application/octet-stream",
            UseChunkEncoding = false,
        },
        cancellationToken));

    private async Task<Stream> ReadFromAsync(string name, long from, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(() => _client.GetObjectAsync(
            new GetObjectRequest { BucketName = _bucket, Key = name, ByteRange = from > 0 ? new ByteRange($"bytes={from}-") : null },
            cancellationToken));
        return answer.ResponseStream;
    }

    private string NameOf(Guid key, string? variant = null) => _prefix + StoredName.Of(key, variant);

    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AmazonServiceException e) when (e.StatusCode is not HttpStatusCode.NotFound || e.ErrorCode == "NoSuchBucket")
        {
            throw new DependencyUnavailableException("The store for files does not answer as it should.", e);
        }
        catch (Exception e) when (e is AmazonClientException or IOException or WebException)
        {
            throw new DependencyUnavailableException("The store for files does not answer.", e);
        }
    }
}

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
