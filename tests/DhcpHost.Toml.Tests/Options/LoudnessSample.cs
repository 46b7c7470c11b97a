namespace DhcpHost.Toml.Tests.Options;

public enum LoudnessSample
{
    VeryQuiet,
    Loud,
}
