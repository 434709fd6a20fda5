"""What is around a clock in memory: its network, connections, and programs with their pipes."""
