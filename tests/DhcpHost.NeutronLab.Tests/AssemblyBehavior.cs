// All tests share one Neutron, whose agents are theirs to start, kill and delete: one at a time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
