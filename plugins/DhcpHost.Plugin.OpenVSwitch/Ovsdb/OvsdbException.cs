namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>OVSDB could not be asked, or refused; the message says what and why. Nothing was changed, unless the connection broke meanwhile.</summary>
internal sealed class OvsdbException : Exception
{
    public OvsdbException(string message)
        : base(message)
    {
    }

    public OvsdbException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public OvsdbException()
    {
    }
}
