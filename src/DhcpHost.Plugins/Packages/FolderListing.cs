using System.Globalization;
using System.Text;

namespace DhcpHost.Plugins.Packages;

/// <summary>The files of a plugin's folder as they stand in it: names, sizes and times, not contents.</summary>
internal sealed class FolderListing
{
    private FolderListing(IReadOnlyList<FileInfo> files, string signature)
    {
        Files = files;
        Signature = signature;
    }

    /// <summary>The files, by ordinal order of their path.</summary>
    public IReadOnlyList<FileInfo> Files { get; }

    /// <summary>Differs where the folder may have changed; costs one look at each file, not its content.</summary>
    public string Signature { get; }

    /// <summary>A folder may be a link to the folder of one version: then that is what is read and watched.</summary>
    public static string Resolve(string folder) => Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;

    /// <exception cref="PluginLoadException">It is more than a plugin may be, or holds something that is no file.</exception>
    public static FolderListing Of(string folder)
    {
        var files = new List<FileInfo>();
        long bytes = 0;
        Walk(new DirectoryInfo(folder), 1);
        files.Sort((left, right) => string.CompareOrdinal(left.FullName, right.FullName));
        var signature = new StringBuilder();
        foreach (var file in files)
        {
            signature.Append(CultureInfo.InvariantCulture, $"{file.FullName}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}\0{(int)file.UnixFileMode}\n");
        }

        return new(files, signature.ToString());

        void Walk(DirectoryInfo directory, int depth)
        {
            if (depth > PackageLimits.Depth)
            {
                throw new PluginLoadException($"{directory.FullName}: folders are nested deeper than {PackageLimits.Depth}");
            }

            foreach (var item in directory.EnumerateFileSystemInfos())
            {
                switch (item)
                {
                    case { LinkTarget: not null }:
                        throw new PluginLoadException($"{item.FullName} is a symbolic link; put the file itself there");
                    case DirectoryInfo below:
                        Walk(below, depth + 1);
                        break;
                    case FileInfo file when (file.Attributes & (FileAttributes.Device | FileAttributes.System)) == 0:
                        bytes += file.Length;
                        files.Add(file);
                        break;
                    default:
                        throw new PluginLoadException($"{item.FullName} is no regular file; take it away");
                }

                if (files.Count > PackageLimits.Files || bytes > PackageLimits.Bytes)
                {
                    throw new PluginLoadException(
                        $"{folder} holds more than {PackageLimits.Files} files or {PackageLimits.Bytes >> 20} MiB; is it a plugin's folder?");
                }
            }
        }
    }
}
