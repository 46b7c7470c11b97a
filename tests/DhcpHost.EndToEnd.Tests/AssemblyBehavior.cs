// Each test has a host, servers and clients of its own on two cores: one at a time says more when it fails.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
