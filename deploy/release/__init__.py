"""What a release is made of besides the code; none of it is part of the package."""
