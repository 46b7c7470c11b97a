using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>Mode and owner of an open file.</summary>
internal static class FilePermission
{
    /// <summary>Sets what differs; the owner first, because a change of owner drops set-id bits.</summary>
    /// <returns>Whether anything did.</returns>
    internal static bool Correct(FileDescriptor fd, string path, UnixFileMode mode, FileOwner? owner)
    {
        var status = FileStatus.Of(fd, path);
        var changed = false;
        if (owner is { } wanted && (status.Owner != wanted.UserId || status.Group != wanted.GroupId))
        {
            _ = Libc.Check(Libc.fchown(fd, wanted.UserId, wanted.GroupId), "fchown", path);
            changed = true;
        }
        if (changed || status.Permissions != mode)
        {
            _ = Libc.Check(Libc.fchmod(fd, (uint)mode), "fchmod", path);
            changed = true;
        }
        return changed;
    }
}
