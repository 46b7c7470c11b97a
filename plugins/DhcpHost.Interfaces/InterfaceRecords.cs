using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Files;

namespace DhcpHost.Interfaces;

/// <summary>
/// A file for each interface, written before the first step of making it and deleted after the last of removing it. It is the proof that what
/// bears these names is ours, also when the host was killed in between.
/// </summary>
internal sealed class InterfaceRecords
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Extension = ".json";
    private const int MaxBytes = 64 << 10;

    private readonly string _directory;
    private readonly DriverId _driver;

    public InterfaceRecords(string directory, DriverId driver)
    {
        _directory = directory;
        _driver = driver;
        _ = PrivateDirectory.Ensure(directory);
    }

    public DriverHandle ToHandle(ServerKey server, DesiredInterface desired) =>
        new(_driver, server, DesiredInterface.Version, InterfaceJson.Write(desired));

    /// <summary>What a handle speaks of; <c>null</c> where it is of a form that this version does not know.</summary>
    public static DesiredInterface? Read(DriverHandle handle) =>
        handle.Version == DesiredInterface.Version ? InterfaceJson.Read(handle.State) : null;

    public void Write(DriverHandle handle) =>
        _ = AtomicFile.WriteIfChanged(PathOf(handle.Server), InterfaceJson.Write(handle), Mode);

    public void Delete(ServerKey server) => File.Delete(PathOf(server));

    /// <summary>All records that can be read; one that cannot be is skipped: its interface is found again when its network is applied.</summary>
    public async Task<IReadOnlyList<DriverHandle>> ListAsync(CancellationToken cancellationToken)
    {
        List<DriverHandle> handles = [];
        foreach (var file in new DirectoryInfo(_directory).EnumerateFiles("*" + Extension))
        {
            if (file.Length <= MaxBytes && await ReadAsync(file.FullName, cancellationToken) is { } handle)
            {
                handles.Add(handle);
            }
        }

        return handles;
    }

    private static async Task<DriverHandle?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return InterfaceJson.ReadHandle(await File.ReadAllBytesAsync(path, cancellationToken));
        }
        catch (IOException)
        {
            return null;
        }
    }

    // '@' is in no id: the names of segments and networks cannot run into each other.
    private string PathOf(ServerKey server) =>
        Path.Combine(_directory, (server.SegmentId is { } segment ? $"{segment}@{server.NetworkId}" : server.NetworkId.Value) + Extension);
}
