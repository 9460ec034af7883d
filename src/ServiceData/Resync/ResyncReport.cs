namespace Explaino.ServiceData.Resync;

/// <summary>What <c>resync people</c> did, and what it leaves to a human: it never deletes anybody, nor brings anybody back.</summary>
public sealed class ResyncReport
{
    private int _people;
    private int _mended;
    private int _left;

    /// <param name="mended">How many copies of them were put right.</param>
    public void Compared(int people, int mended) => (_people, _mended) = (_people + people, _mended + mended);

    /// <summary>Somebody who registered after the moment to which Identity was restored.</summary>
    public void UnknownToIdentity(Guid id) => Leave($"{id} is unknown to Identity");

    /// <summary>Somebody who deleted their account after the moment to which Identity was restored.</summary>
    public void DeletedHereOnly(Guid id) => Leave($"{id} is deleted here, and not in Identity");

    /// <returns>The exit code.</returns>
    public int Print()
    {
        Console.WriteLine($"resync: {_people} people compared with Identity, {_mended} put right, {(_left == 0 ? "right" : $"{_left} left to you")}");
        return _left == 0 ? 0 : 1;
    }

    private void Leave(string what)
    {
        _left++;
        Console.WriteLine(what);
    }
}
