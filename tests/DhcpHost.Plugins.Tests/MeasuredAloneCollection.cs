namespace DhcpHost.Plugins.Tests;

/// <summary>Tests that measure the whole process: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(MeasuredAloneCollection), DisableParallelization = true)]
public class MeasuredAloneCollection;
