// What an instance is told about itself where there is no OpenStack: host name, keys, user-data, vendor-data.
// Asked only for networks whose metadata driver serves documents by itself ([drivers.metadata] mode = "documents").
// Told: Network (without its ports), Port, Default (what the port says by itself). Files below documents_directory go before the answer.

Decide(context =>
{
    // For example, one key for the administrators and one user-data for a project:
    //
    //     return context.Default with
    //     {
    //         PublicKeys = new([new("admin", "ssh-ed25519 AAAA... admin@example.org")]),
    //         UserData = context.Network.ProjectId == "lab" ? "#cloud-config\npackages: [git]\n" : null,
    //     };

    return context.Default;
});
