using System.Reflection;
using System.Reflection.Metadata;
using DhcpHost.Abstractions.Plugins;

namespace DhcpHost.Plugins.Checks;

/// <summary>
/// Whether all types and members of the contract that an assembly uses are in this host's contract; otherwise the first call would fail in
/// the middle of work.
/// </summary>
internal static class ContractMembers
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;
    private static readonly Assembly Contract = typeof(IPlugin).Assembly;

    /// <exception cref="PluginLoadException">Something is missing.</exception>
    public static void Check(MetadataReader metadata, string name)
    {
        foreach (var handle in metadata.TypeReferences)
        {
            if (FullName(metadata, handle) is { } type && Contract.GetType(type) is null)
            {
                throw Missing(name, type);
            }
        }

        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            var memberName = metadata.GetString(member.Name);
            if (Parent(metadata, member.Parent) is { } type && Contract.GetType(type) is { } known && !Has(known, memberName, member, metadata))
            {
                throw Missing(name, $"{type}.{memberName}");
            }
        }
    }

    private static PluginLoadException Missing(string name, string what) =>
        new($"{name} uses {what}, which this host's contract {PluginContract.Version} does not have; upgrade the host, or install an older "
            + $"version of the plugin");

    private static bool Has(Type type, string name, MemberReference member, MetadataReader metadata)
    {
        var isField = member.GetKind() == MemberReferenceKind.Field;
        var parameters = isField ? -1 : ParameterCount(metadata.GetBlobReader(member.Signature));
        return type.GetInterfaces().Prepend(type).Any(owner => isField
            ? owner.GetField(name, All) is not null
            : owner.GetMembers(All).OfType<MethodBase>().Any(method => method.Name == name && method.GetParameters().Length == parameters));
    }

    private static int ParameterCount(BlobReader signature)
    {
        var header = signature.ReadSignatureHeader();
        if (header.IsGeneric)
        {
            _ = signature.ReadCompressedInteger();
        }

        return signature.ReadCompressedInteger();
    }

    /// <summary>The type that a member belongs to, where it is one of the contract; a generic type without its arguments.</summary>
    private static string? Parent(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeSpecification)
        {
            var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
            if (signature.ReadCompressedInteger() != (int)SignatureTypeCode.GenericTypeInstance)
            {
                return null;
            }

            _ = signature.ReadCompressedInteger();
            parent = signature.ReadTypeHandle();
        }

        return parent.Kind == HandleKind.TypeReference ? FullName(metadata, (TypeReferenceHandle)parent) : null;
    }

    private static string? FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        switch (type.ResolutionScope.Kind)
        {
            case HandleKind.TypeReference:
                return FullName(metadata, (TypeReferenceHandle)type.ResolutionScope) is { } outer ? $"{outer}+{name}" : null;
            case HandleKind.AssemblyReference:
                var assembly = metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
                return metadata.GetString(assembly.Name) == SharedContract.Contract.Name ? $"{metadata.GetString(type.Namespace)}.{name}" : null;
            default:
                return null;
        }
    }
}
