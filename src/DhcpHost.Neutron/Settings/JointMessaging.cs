using DhcpHost.Neutron.Settings.Catalogue;

namespace DhcpHost.Neutron.Settings;

/// <summary>Options of the message bus that have to be seen together.</summary>
internal sealed class JointMessaging(NeutronSettings settings, ImportSite site, HostTomlDraft draft, Action<string, string, FindingKind, string> tell)
{
    private const string Table = MessagingOptions.Table;
    private const string Limit = "rpc_response_max_timeout";

    public void Apply()
    {
        if (site.TransportUrlFile is { } file)
        {
            draft.Set($"{Table}.transport_url_file", OptionValue.Quote(file), "transport_url, in a file of its own: it holds passwords");
        }

        try
        {
            RaiseLimit();
            TellOfCertificates();
        }
        catch (FormatException)
        {
            // Whoever carried the value over has told of it.
        }
    }

    /// <summary>A timeout that is above its own limit stays in force with oslo.messaging, and never grows.</summary>
    private void RaiseLimit()
    {
        var timeout = settings.Text("rpc_response_timeout");
        if (draft.Has($"{Table}.rpc_response_timeout") && OptionValue.ReadSeconds(timeout) > OptionValue.ReadSeconds(settings.Text(Limit)))
        {
            draft.Set($"{Table}.{Limit}", OptionValue.Seconds(timeout), "rpc_response_timeout, which is above rpc_response_max_timeout");
        }
    }

    private void TellOfCertificates()
    {
        if (!OptionValue.ReadFlag(settings.Text(MessagingOptions.Rabbit, "ssl")))
        {
            return;
        }

        if (settings.Text(MessagingOptions.Rabbit, "ssl_ca_file").Trim().Length == 0)
        {
            tell(
                MessagingOptions.Rabbit, "ssl_ca_file", FindingKind.Unsupported,
                $"without it oslo.messaging checks no certificate; here the machine's own authorities are asked: name the brokers' "
                    + $"authority in [{Table}.rabbit] ssl_ca_file, "
                    + "or take any certificate with ssl_verify = false");
        }
        else if (!draft.Has($"{Table}.rabbit.ssl_enforce_hostname_verification"))
        {
            tell(
                MessagingOptions.Rabbit, "ssl_enforce_hostname_verification", FindingKind.Unsupported,
                $"it is not set, and true here; oslo.messaging before 2026 looks at no name then: where a broker's name is not in its "
                    + $"certificate, set it to false in [{Table}.rabbit]");
        }
    }
}
