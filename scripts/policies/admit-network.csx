// Whether this host serves a network at all. A network that is refused is shown as Refused, with the reason.
// Told: Network (Name, ProjectId, Subnets, Ports, Labels, …), Source, ServedNetworks.

Decide(context =>
{
    // For example, to leave alone what is labelled so at its source:
    //
    //     if (context.Network.Labels.TryGetValue("dhcp", out var value) && value == "elsewhere")
    //     {
    //         return AdmitDecision.Refuse("labelled dhcp=elsewhere");
    //     }

    return AdmitDecision.Admit;
});
