namespace Explaino.JobBoardService.Jobs;

/// <summary>The gateway's address, without a slash at its end: what absolute addresses in answers begin with.</summary>
internal sealed record PublicAddress(string Value);
